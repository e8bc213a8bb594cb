package triggers_test

import (
	"fmt"

	"github.com/carillon-go/carillon/triggers"
)

// The last Friday of each quarter. Month "*/3" would be the first month of each.
func ExampleNewCron() {
	t, err := triggers.NewCron(triggers.CronFields{Month: "3-12/3", Day: "last fri", Hour: "17"}, triggers.Options{Location: berlin})
	if err != nil {
		panic(err)
	}
	fmt.Println(t)
	show(t, 3)
	// Output:
	// cron(month='3-12/3', day='last fri', hour='17') in Europe/Berlin
	// Fri 2024-06-28 17:00:00 CEST
	// Fri 2024-09-27 17:00:00 CEST
	// Fri 2024-12-27 17:00:00 CET
}

func ExampleNewCrontab() {
	t, err := triggers.NewCrontab("TZ=Europe/Berlin 30 2 * * mon-fri", triggers.Options{})
	if err != nil {
		panic(err)
	}
	fmt.Println(t)
	show(t, 3)
	// Output:
	// crontab(30 2 * * mon-fri) in Europe/Berlin
	// Thu 2024-05-02 02:30:00 CEST
	// Fri 2024-05-03 02:30:00 CEST
	// Mon 2024-05-06 02:30:00 CEST
}

// All faults of an expression are reported at once.
func ExampleNewCrontab_faults() {
	_, err := triggers.NewCrontab("61 22-2 * * fri", triggers.Options{})
	fmt.Println(err)
	// Output:
	// minute "61" at position 0: out of range; use 0-59
	// hour "22-2" at position 3: the range ends before it begins; write it as two, 22-23,0-2
}

// With H each job has times of its own, which stay the same.
func ExampleNewCrontab_spread() {
	nightly := triggers.Must(triggers.NewCrontab("H H(1-4) * * *", triggers.Options{Location: berlin}))
	for seed := range uint64(3) {
		show(triggers.Bind(nightly, triggers.Binding{Seed: seed}), 1)
	}
	// Output:
	// Thu 2024-05-02 03:05:00 CEST
	// Thu 2024-05-02 02:10:00 CEST
	// Thu 2024-05-02 03:33:00 CEST
}
