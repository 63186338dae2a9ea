"""Change sets as text for people, as JSON for programs, and as Markdown for a comment on a pull request."""
