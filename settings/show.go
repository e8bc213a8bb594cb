package settings

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// state says how a setting is given: `is "x"`, "is missing".
func (s *Section) state(key string) string {
	switch {
	case !s.Has(key):
		return "is missing"
	case secret(key):
		return "is not as it should be"
	}
	return "is " + show(s.Value(key))
}

// secret reports whether the value of a setting should not get into a log.
func secret(key string) bool {
	key = strings.ToLower(key)
	for _, word := range []string{"password", "passwd", "secret", "token", "credential", "dsn", "uri", "url"} {
		if strings.Contains(key, word) {
			return true
		}
	}
	return false
}

// maxShown is how much of a text is shown, in bytes.
const maxShown = 60

func show(value any) string {
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Invalid:
		return "null"
	case reflect.String:
		if text := v.String(); len(text) > maxShown {
			return strconv.Quote(text[:maxShown]) + "..."
		}
		return strconv.Quote(v.String())
	case reflect.Map:
		return "a group of settings"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
		return fmt.Sprint(value)
	}
	return fmt.Sprintf("of type %T", value)
}
