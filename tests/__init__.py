"""Tests of monmc: the folders mirror the package; real/ runs the vendors' own programs."""
