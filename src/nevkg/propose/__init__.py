"""nevkg read: proposes the rows that a text states, by tables of words and by programs of the user."""
