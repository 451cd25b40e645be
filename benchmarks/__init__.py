"""Speed, memory and quality, measured: one command each."""
