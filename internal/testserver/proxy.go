package testserver

import (
	"net"
	"sync"
	"testing"
)

// Line is a TCP proxy between clients and a server. It begins by passing
// everything on. Its methods may be called concurrently.
type Line struct {
	Address string // host:port, for the clients

	server   string
	listener net.Listener
	life     sync.WaitGroup

	mu    sync.Mutex // guards everything below
	moved sync.Cond  // state has changed
	state lineState
	conns map[net.Conn]struct{}
}

type lineState int

const (
	passing lineState = iota
	stalled
	cut
	closed
)

// Proxy returns a proxy for the server at this address, which need not be
// running. It ends with the test.
func Proxy(t testing.TB, server string) *Line {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Line{Address: l.Addr().String(), server: server, listener: l, conns: map[net.Conn]struct{}{}}
	p.moved.L = &p.mu
	p.life.Go(p.accept)
	t.Cleanup(func() {
		l.Close()
		p.enter(closed)
		p.life.Wait()
	})
	return p
}

// Pass passes on everything, also what has been stalled.
func (p *Line) Pass() { p.enter(passing) }

// Stall keeps connections, and lets new ones be made, but nothing gets through:
// a network that swallows packets, a server that hangs.
func (p *Line) Stall() { p.enter(stalled) }

// Cut ends all connections, and refuses new ones.
func (p *Line) Cut() { p.enter(cut) }

// Break ends all connections. New ones can be made as before.
func (p *Line) Break() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drop()
}

// Connections returns how many there are from clients.
func (p *Line) Connections() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.conns) / 2
}

func (p *Line) enter(s lineState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state = s
	if s == cut || s == closed {
		p.drop()
	}
	p.moved.Broadcast()
}

func (p *Line) drop() {
	for c := range p.conns {
		c.Close()
	}
	clear(p.conns)
	p.moved.Broadcast()
}

func (p *Line) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil || !p.join(client, server) {
			client.Close()
			if err == nil {
				server.Close()
			}
			continue
		}
		p.life.Go(func() { p.copy(client, server) })
		p.life.Go(func() { p.copy(server, client) })
	}
}

// join makes the two ends known, unless connections are refused.
func (p *Line) join(client, server net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state == cut || p.state == closed {
		return false
	}
	p.conns[client], p.conns[server] = struct{}{}, struct{}{}
	return true
}

// copy passes on what one end says, until one of them is closed.
func (p *Line) copy(to, from net.Conn) {
	defer p.part(to, from)
	text := make([]byte, 32<<10)
	for {
		n, err := from.Read(text)
		if err != nil || !p.mayPass(from) {
			return
		}
		if _, err := to.Write(text[:n]); err != nil {
			return
		}
	}
}

// mayPass waits while the line is stalled. It reports whether the connection is
// still there.
func (p *Line) mayPass(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		if _, open := p.conns[c]; !open || p.state != stalled {
			return open
		}
		p.moved.Wait()
	}
}

func (p *Line) part(ends ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range ends {
		c.Close()
		delete(p.conns, c)
	}
	p.moved.Broadcast()
}
