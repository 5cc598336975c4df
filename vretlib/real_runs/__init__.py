"""README's tables of real data that no notebook makes; the data are never part of the project."""
