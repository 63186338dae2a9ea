"""The specs of real platforms: clean, and saying what their documents say."""
