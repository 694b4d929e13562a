"""Tables: from a sheet as people keep it to typed records. Pure; what lies on disk is for doors."""
