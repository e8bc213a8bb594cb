package clocktest

import "github.com/carillon-go/carillon/messages"

// strikeListener has the simulation's faults strike at a listener that is about
// to be added.
func (s *Sim) strikeListener(message any) {
	add, ok := message.(*messages.AddListener)
	if !ok || s.fate.config.Faults[ListenerPanic] == 0 {
		return
	}
	listen := add.Listen
	add.Listen = func(e messages.Event) {
		listen(e)
		if s.Chance(ListenerPanic) {
			panic(errFault)
		}
	}
}
