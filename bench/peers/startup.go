package main

import (
	"runtime"
	"time"

	"github.com/asynkron/protoactor-go/actor"
)

const emptyActors = "actor system" // Proto.Actor with one actor, which gets one message

// startupQuestion is about a scheduler with one job that is due, in a process
// that has done nothing else; and then about the scheduler at rest. The actor
// system stands for what Carillon is built on.
var startupQuestion = question{
	name: "startup",
	asks: "How long does it take from nothing to the first run, and what does a scheduler at rest use?",
	figures: []figure{
		{"first run", "ms", false},
		{"memory", "kB at rest", false},
		{"idle", "ms of CPU in a second", false},
	},
	variants: []string{"one job"},
	sizes:    func(string, bool) []int { return []int{1} },
	subjects: func(variant string) []string { return append(allBut("heap+go")(variant), emptyActors) },
	measure:  measureStartup,
}

func measureStartup(c Case, s scale) (Sample, error) {
	before := resident()
	ran := make(chan time.Time, 1)
	w := workOf(func() { ran <- time.Now() })
	end, began := begin(), time.Now()
	kept := firstRun(c.Subject, w)
	sample := Sample{Figures: map[string]float64{"first run": (<-ran).Sub(began).Seconds() * 1e3}}
	end()

	time.Sleep(20 * time.Millisecond) // what is left to do after the run is done by then
	sample.Figures["memory"] = float64(resident()-before) / 1e3
	cpu, rest := cpuTime(), min(s.window, 500*time.Millisecond)
	time.Sleep(rest)
	sample.Figures["idle"] = (cpuTime() - cpu).Seconds() * 1e3 / rest.Seconds()
	runtime.KeepAlive(kept)
	return sample, nil
}

// firstRun has something run at once, and returns who did it.
func firstRun(name string, w work) any {
	if name == emptyActors {
		system := actor.NewActorSystemWithConfig(actor.Configure(actor.WithLoggerFactory(silent)))
		pid := system.Root.Spawn(actor.PropsFromFunc(func(ctx actor.Context) {
			if _, ok := ctx.Message().(*struct{}); ok {
				w.plain()
			}
		}))
		system.Root.Send(pid, new(struct{}))
		return system
	}
	first := time.Now()
	if name == "gocron" || name == "AfterFunc" {
		first = first.Add(time.Millisecond) // gocron refuses what has passed
	}
	sched := open(name)
	sched.add(task{first: first, work: w})
	sched.start()
	return sched
}
