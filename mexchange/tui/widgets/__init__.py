"""What is drawn: each widget shows plain data, posts messages, and knows no connection."""
