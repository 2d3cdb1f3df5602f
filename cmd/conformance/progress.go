package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/report"
)

const (
	// longWait is how long a wait is before it is told.
	longWait = 3 * time.Second
	// countAfter is how long a run takes before its cases are counted: that
	// derives all of them once more.
	countAfter = 5 * time.Second
	// tellEvery is how often a line is written where there is no terminal.
	tellEvery = 30 * time.Second
)

// progress tells on standard error how far a run is: a bar on a terminal, a
// line now and then elsewhere. It stands in front of the report's renderers, so
// that the bar is out of the way when they write.
type progress struct {
	report.Renderer
	mu     sync.Mutex
	std    *streams
	runner *run.Runner
	bar    *progressbar.ProgressBar // nil where there is no terminal
	begun  time.Time
	done   int
	total  int // 0 until it is known
	quit   chan struct{}
	ended  sync.WaitGroup
}

// watch puts a progress before a renderer.
func watch(std *streams, quiet bool, runner *run.Runner, to report.Renderer) *progress {
	p := &progress{Renderer: to, std: std, runner: runner, begun: time.Now(), quit: make(chan struct{})}
	if quiet {
		return p
	}
	every := tellEvery
	if _, interactive := terminal(std.err); interactive {
		every = time.Second
		p.bar = progressbar.NewOptions(-1,
			progressbar.OptionSetWriter(std.err), progressbar.OptionSetDescription("cases"), progressbar.OptionShowCount(),
			progressbar.OptionShowIts(), progressbar.OptionSetItsString("cases"), progressbar.OptionSetPredictTime(true),
			progressbar.OptionSetElapsedTime(true), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionFullWidth(),
		)
	}
	p.ended.Go(p.count)
	p.ended.Go(func() { p.tick(every) })
	return p
}

// count finds out how many cases there are, on the side.
func (p *progress) count() {
	select {
	case <-p.quit:
		return
	case <-time.After(countAfter):
	}
	n := 0
	for range p.runner.Cases() {
		select {
		case <-p.quit:
			return
		default:
			n++
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total = n
	if p.bar != nil {
		p.bar.ChangeMax(n)
	}
}

func (p *progress) tick(every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-p.quit:
			return
		case <-ticker.C:
			p.tell()
		}
	}
}

// tell says how far the run is, and what it waits for.
func (p *progress) tell() {
	p.mu.Lock()
	defer p.mu.Unlock()
	waits := p.runner.Waiting(longWait)
	if waits != "" {
		waits = "waiting: " + report.Safe(waits)
	}
	if p.bar != nil {
		if waits == "" {
			waits = "cases"
		}
		p.bar.Describe(waits)
		return
	}
	of := ""
	if p.total > 0 {
		of = fmt.Sprintf(" of %d", p.total)
	}
	if waits != "" {
		waits = "; " + waits
	}
	fmt.Fprintf(p.std.err, "conformance: %d%s cases after %v%s\n", p.done, of, time.Since(p.begun).Round(time.Second), waits)
}

// Verdict counts a case, and hands it on.
func (p *progress) Verdict(v *report.Verdict) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if p.bar == nil {
		return p.Renderer.Verdict(v)
	}
	if v.Outcome != "kept" && v.Outcome != "skipped" {
		_ = p.bar.Clear() // what cannot be cleared is only in the way
	}
	err := p.Renderer.Verdict(v)
	_ = p.bar.Add(1)
	return err
}

// End takes the bar away, and hands the end on.
func (p *progress) End(statements []report.Statement, f *report.Footer) error {
	close(p.quit)
	p.ended.Wait()
	if p.bar != nil {
		_ = p.bar.Clear()
	}
	return p.Renderer.End(statements, f)
}
