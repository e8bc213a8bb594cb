package actors

import (
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// command is a row's column in the lifecycle table.
type command uint8

const (
	start command = iota
	startPaused
	pause
	resume
	shutdown
)

// transition says where a command leads, or why it is refused. A command that
// leads to the state it comes from does nothing and is no error.
type transition struct {
	to  messages.State
	err error
}

// lifecycle is the only truth about the scheduler's states. APScheduler:
// start, pause, resume and shutdown of BaseScheduler.
//
//	stateDiagram-v2
//	    [*] --> stopped
//	    stopped --> running: Start
//	    stopped --> paused: StartPaused
//	    note right of stopped: Pause, Resume, Shutdown fail, scheduler is not running
//	    running --> paused: Pause
//	    running --> stopped: Shutdown
//	    note right of running: Start, StartPaused fail, scheduler is already running
//	    paused --> running: Resume
//	    paused --> stopped: Shutdown
//	    note right of paused: Start, StartPaused fail, scheduler is already running
var lifecycle = [...][5]transition{
	//                   start                                        startPaused                                  pause                                    resume                                   shutdown
	messages.Stopped: {{messages.Running, nil}, {messages.Paused, nil}, {messages.Stopped, job.ErrNotRunning}, {messages.Stopped, job.ErrNotRunning}, {messages.Stopped, job.ErrNotRunning}},
	messages.Running: {{messages.Running, job.ErrAlreadyRunning}, {messages.Running, job.ErrAlreadyRunning}, {messages.Paused, nil}, {messages.Running, nil}, {messages.Stopped, nil}},
	messages.Paused:  {{messages.Paused, job.ErrAlreadyRunning}, {messages.Paused, job.ErrAlreadyRunning}, {messages.Paused, nil}, {messages.Running, nil}, {messages.Stopped, nil}},
}

func next(from messages.State, c command) (messages.State, error) {
	t := lifecycle[from][c]
	return t.to, t.err
}
