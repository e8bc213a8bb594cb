package triggers

import "sync"

// strangeZones are names that no time zone was found by, such as abbreviations
// that times were read with. To find that out means to look for files, which is
// not to be done for each job that is stored.
type strangeZones struct {
	mu    sync.RWMutex
	names map[string]bool
}

func (s *strangeZones) has(name string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.names[name]
}

// add remembers a name. Should they become many, the others are forgotten.
func (s *strangeZones) add(name string) {
	const many = 100
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.names == nil || len(s.names) >= many {
		s.names = make(map[string]bool)
	}
	s.names[name] = true
}
