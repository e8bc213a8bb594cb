package torture

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/carillon-go/carillon/internal/testserver"
)

// orderVariable has a worker's order, as JSON.
const orderVariable = "CARILLON_TORTURE_ORDER"

// Main runs the tests of a package; or, in a process that was hired for it, a
// worker. It does not return.
func Main(m *testing.M) {
	text, hired := os.LookupEnv(orderVariable)
	if !hired {
		testserver.Main(m)
	}
	var o Order
	err := json.Unmarshal([]byte(text), &o)
	if err == nil {
		err = o.work(os.Stdin, os.Stdout)
	}
	if err != nil {
		fatal(err)
	}
	os.Exit(0)
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "worker:", err)
	os.Exit(1)
}
