"""The command line `mx`: parses, asks through `client`, shows. Heavy modules are imported late."""
