"""The Model Context Protocol for assistants: tools, resources and prompts. Transports are in ``nevkg.serve.extras.mcp``."""
