package settings_test

import (
	"fmt"
	"time"

	"github.com/carillon-go/carillon/settings"
)

func ExampleSection() {
	s := settings.New("pool", map[string]any{
		"size":    "8",
		"timeout": "1m30s",
		"idle":    -1,
		"sise":    4,
	})
	fmt.Println(s.Int("size"), s.Duration("timeout", time.Second), s.Duration("idle", time.Second))
	fmt.Println(s.Err())
	// Output:
	// 8 1m30s 0s
	// pool.idle is -1; give a number of seconds from 0 on, or a duration such as "1m30s"
	// pool.sise is unknown; did you mean "size"?
}

func ExampleFromEnv() {
	environ := []string{"APP_POOL__SIZE=8", "HOME=/root"} // as os.Environ returns it
	s := settings.New("", settings.FromEnv(environ, "APP_"))
	fmt.Println(s.Section("pool").Int("size"), s.Err())
	// Output: 8 <nil>
}
