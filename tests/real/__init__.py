"""The vendors' own programs: where they come from, how they run, and the tests that hold our output against them."""
