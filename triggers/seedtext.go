package triggers

import (
	"errors"
	"strconv"
)

// seedText is a seed as it is stored: as text, since it may exceed what a JSON
// number holds; nil is none.
type seedText struct{ seed **uint64 }

// MarshalText returns the number, "" for none.
func (t seedText) MarshalText() ([]byte, error) {
	if *t.seed == nil {
		return nil, nil
	}
	return strconv.AppendUint(nil, **t.seed, 10), nil
}

// UnmarshalText reads what MarshalText writes for a number, and nothing else.
func (t seedText) UnmarshalText(text []byte) error {
	n, err := strconv.ParseUint(string(text), 10, 64)
	if err == nil && strconv.FormatUint(n, 10) != string(text) {
		err = errors.New("is written in another way")
	}
	*t.seed = &n
	return err
}
