package postgres

import (
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
)

// What is written as a column is read as what it was.
func TestColumns(t *testing.T) {
	types := pgtype.NewMap()
	useColumns(types)
	returns(t, types, pgtype.TextArrayOID, []string{"a", "", "ä\x01\x02"})
	returns(t, types, pgtype.TextArrayOID, []string{})
	returns(t, types, pgtype.Int8ArrayOID, []int64{0, -1, 1 << 62})
	returns(t, types, pgtype.TimestamptzArrayOID, []instant{
		instantOf(time.Date(1999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)),
		instantOf(time.Date(2026, 11, 22, 3, 4, 5, 6_000, time.UTC)),
		{},
	})
	if null, err := types.Encode(pgtype.TextArrayOID, pgtype.BinaryFormatCode, []string(nil), nil); err != nil || null != nil {
		t.Errorf("nil is %v, %v instead of NULL", null, err)
	}
}

// returns reads back what is written of a list.
func returns[T comparable](t *testing.T, types *pgtype.Map, oid uint32, list []T) {
	t.Helper()
	written, err := types.Encode(oid, pgtype.BinaryFormatCode, list, nil)
	if err != nil {
		t.Fatal(err)
	}
	var read []T
	if err := pgtype.NewMap().Scan(oid, pgtype.BinaryFormatCode, written, &read); err != nil {
		t.Fatal(err)
	}
	for i := range read {
		if at, ok := any(&read[i]).(*instant); ok {
			at.Time = at.Time.UTC()
		}
	}
	if !slices.Equal(read, list) {
		t.Errorf("%v is read back as %v", list, read)
	}
}
