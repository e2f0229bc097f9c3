"""The guided change of the inventory mode: quantities out of the old items in QuickBooks, the value onto the new ones, net zero.

``checks`` says what has to hold before, ``course`` begins it, ``locking`` makes sure that it still holds then, ``work`` carries it out as a step of a synchronization of its own,
``gate`` holds back everything else meanwhile, ``records`` knows the one that is under way. What posts goes through the queue as
the roles of *QuickBooks Mode Change*; renaming items and making them inactive is done to what is read right before, as often as
it takes. ``accounting.md`` 6 of the design notes.
"""
