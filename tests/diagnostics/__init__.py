"""What monmc says about a spec, in every format."""
