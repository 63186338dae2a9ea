"""Two specs, or what a build would write and what is there, as changes in the words of the domain."""
