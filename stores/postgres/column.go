package postgres

import (
	"encoding/binary"

	"github.com/jackc/pgx/v5/pgtype"
)

// useColumns has a connection with these types write the lists that statements get most of, as
// they stand. By itself pgx makes a value of its own of each element and asks
// what that is, which takes ten times as long.
func useColumns(types *pgtype.Map) {
	useColumn(types, pgtype.TextArrayOID, appendText)
	useColumn(types, pgtype.Int8ArrayOID, appendNumber)
	useColumn(types, pgtype.TimestamptzArrayOID, appendInstant)
}

func useColumn[T any](types *pgtype.Map, oid uint32, each func([]byte, *T) []byte) {
	known, _ := types.TypeForOID(oid)
	array := known.Codec.(*pgtype.ArrayCodec)
	types.RegisterType(&pgtype.Type{Name: known.Name, OID: oid, Codec: column[T]{array, each}})
}

// column encodes a []T as an array, in PostgreSQL's binary form.
type column[T any] struct {
	*pgtype.ArrayCodec                         // for what is no []T
	each               func([]byte, *T) []byte // appends an element, with its length before it
}

func (c column[T]) PlanEncode(types *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if _, ours := value.([]T); ours && format == pgtype.BinaryFormatCode {
		return c
	}
	return c.ArrayCodec.PlanEncode(types, oid, format, value)
}

// Encode appends a []T to buf; nil is NULL.
func (c column[T]) Encode(value any, buf []byte) ([]byte, error) {
	list := value.([]T)
	if list == nil {
		return nil, nil
	}
	buf = binary.BigEndian.AppendUint32(buf, 1) // dimension
	buf = binary.BigEndian.AppendUint32(buf, 1) // elements may be NULL
	buf = binary.BigEndian.AppendUint32(buf, c.ElementType.OID)
	buf = binary.BigEndian.AppendUint32(buf, uint32(len(list)))
	buf = binary.BigEndian.AppendUint32(buf, 1) // the first one's index
	for i := range list {
		buf = c.each(buf, &list[i])
	}
	return buf, nil
}

func appendText(buf []byte, s *string) []byte {
	return append(binary.BigEndian.AppendUint32(buf, uint32(len(*s))), *s...)
}

func appendNumber(buf []byte, n *int64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(buf, 8), uint64(*n))
}

// appendInstant counts in microseconds since 2000, as PostgreSQL does.
func appendInstant(buf []byte, t *instant) []byte {
	const null, year2000 = 1<<32 - 1, 946_684_800_000_000
	if !t.Valid {
		return binary.BigEndian.AppendUint32(buf, null)
	}
	us := t.Time.UnixMicro() - year2000
	return appendNumber(buf, &us)
}
