"""Who people are: owners, device keys, API keys and their scopes. Never in the journal."""
