package memory

// slot is a record's place in the due index.
type slot struct {
	key  int64  // the time that the record had when it was pushed
	rank uint64 // the eight bytes of the ID that follow the common ones
	ref  ref
}
