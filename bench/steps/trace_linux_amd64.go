// The tracer: a child process comes in, instructions by address go out. It stops
// the child after each instruction, so that neither the load of the machine nor the
// speed of its processor is in the figures.

package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

// Numbers that package syscall does not name (linux/ptrace.h, linux/personality.h,
// linux/auxvec.h).
const (
	ptraceSeize       = 0x4206
	ptraceInterrupt   = 0x4207
	ptraceExitKill    = 0x100000
	addrNoRandomize   = 0x40000
	auxRandom         = 25
	patience          = 30 * time.Second // without a step, until a child counts as stuck
	stepsPerHeartbeat = 1000
)

// processors are those that this process may run on.
func processors() []int {
	var mask [16]uint64
	n, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_GETAFFINITY, 0, unsafe.Sizeof(mask), uintptr(unsafe.Pointer(&mask)))
	var all []int
	for i := range int(n) * 8 {
		if errno == 0 && mask[i/64]>>(i%64)&1 == 1 {
			all = append(all, i)
		}
	}
	return all
}

// A tracee is a child that is being traced. Its first thread takes the turns.
type tracee struct {
	pid   int
	alive *time.Timer // kills the child when it fires
	out   *os.File
	still []int  // the threads that are kept stopped
	seen  uint64 // where the instruction pointer was after the last step
	mark  uint64 // where it is behind a breakpoint
}

// trace starts the program with these arguments on one processor, counts the
// instructions of its turns until enough says that there are enough, and ends it.
// It returns what the child wrote before the first breakpoint.
//
// Only the thread that started a child may trace it, so the calling goroutine keeps
// its thread. It never gives the thread back, since the thread is not like others any
// more: it ends when the goroutine ends.
func trace(processor int, program string, args []string, enough func([]steps) bool) (empty steps, turns []steps, said string, err error) {
	runtime.LockOSThread()
	t, err := start(processor, program, args)
	if err != nil {
		return empty, nil, "", err
	}
	defer t.end()
	if err := t.untilBreakpoint(); err != nil {
		return empty, nil, "", err
	}
	said = t.said()
	if err := t.freezeOthers(); err != nil {
		return empty, nil, "", err
	}
	if err := t.untilBreakpoint(); err != nil { // takes what the scheduler had still to do
		return empty, nil, "", err
	}
	if empty, err = t.count(); err != nil {
		return empty, nil, "", err
	}
	for !enough(turns) {
		turn, err := t.count()
		if err != nil {
			return empty, nil, "", err
		}
		turns = append(turns, turn)
	}
	return empty, turns, said, nil
}

// start starts the child and makes it alike each time: nothing of the environment
// reaches it, its addresses are not random, and its random numbers, which decide how
// maps are laid out, begin with the same seed.
func start(processor int, program string, args []string) (*tracee, error) {
	pin(processor)
	syscall.RawSyscall(syscall.SYS_PERSONALITY, addrNoRandomize, 0, 0) // where it is refused, figures vary a little more
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	p, err := os.StartProcess(program, append([]string{program}, args...), &os.ProcAttr{
		Env:   []string{"GOMAXPROCS=1", "GOGC=off", "GODEBUG=asyncpreemptoff=1"},
		Files: []*os.File{nil, in, os.Stderr},
		Sys:   &syscall.SysProcAttr{Ptrace: true},
	})
	if err != nil {
		out.Close()
		return nil, fmt.Errorf("a traced child does not start: %w", err)
	}
	t := &tracee{pid: p.Pid, out: out}
	t.alive = time.AfterFunc(patience, func() { _ = syscall.Kill(t.pid, syscall.SIGKILL) })
	_ = p.Release()
	if err := errors.Join(t.stopped(t.pid), syscall.PtraceSetOptions(t.pid, ptraceExitKill), t.seed()); err != nil {
		t.end()
		return nil, err
	}
	return t, nil
}

// pin keeps the calling thread and the children that it starts on one processor.
// On two, each would have to wake the other for each step, which costs more than the
// step.
func pin(processor int) {
	var mask [16]uint64
	mask[processor/64] = 1 << (processor % 64)
	syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, 0, unsafe.Sizeof(mask), uintptr(unsafe.Pointer(&mask)))
}

// seed overwrites the random bytes that the kernel handed to the child, from which
// Go seeds its own.
func (t *tracee) seed() error {
	aux, err := os.ReadFile(fmt.Sprintf("/proc/%d/auxv", t.pid))
	if err != nil {
		return err
	}
	for ; len(aux) >= 16; aux = aux[16:] {
		if binary.LittleEndian.Uint64(aux) == auxRandom {
			_, err = syscall.PtracePokeData(t.pid, uintptr(binary.LittleEndian.Uint64(aux[8:])), []byte("the same numbers"))
		}
	}
	return err
}

// wait waits for the next stop of a thread of the child.
func (t *tracee) wait(tid int) (syscall.Signal, error) {
	var status syscall.WaitStatus
	for {
		_, err := syscall.Wait4(tid, &status, syscall.WALL, nil)
		switch {
		case err == syscall.EINTR: // again
		case err != nil:
			return 0, fmt.Errorf("waiting for the child: %w", err)
		case status.Signaled() && status.Signal() == syscall.SIGKILL:
			return 0, errStuck
		case !status.Stopped():
			return 0, fmt.Errorf("the child ended: status %d, signal %d", status.ExitStatus(), status.Signal())
		default:
			return status.StopSignal(), nil
		}
	}
}

// stopped waits for the next stop of a thread, whatever the reason.
func (t *tracee) stopped(tid int) error {
	_, err := t.wait(tid)
	return err
}

// resume lets the first thread go on by do, until it stops at a trap. Other signals
// are handed to it.
func (t *tracee) resume(do func(pid, signal int) error) error {
	for signal := 0; ; {
		if err := do(t.pid, signal); err != nil {
			return fmt.Errorf("resuming the child: %w", err)
		}
		got, err := t.wait(t.pid)
		if err != nil || got == syscall.SIGTRAP {
			return err
		}
		signal = int(got)
	}
}

// untilBreakpoint lets the child run to its next breakpoint.
func (t *tracee) untilBreakpoint() error {
	t.alive.Reset(patience)
	if err := t.resume(syscall.PtraceCont); err != nil {
		return err
	}
	at, err := t.pointer()
	t.mark, t.seen = at, at
	return err
}

func (t *tracee) pointer() (uint64, error) {
	var regs syscall.PtraceRegs
	if err := syscall.PtraceGetRegs(t.pid, &regs); err != nil {
		return 0, fmt.Errorf("reading the registers of the child: %w", err)
	}
	return regs.Rip, nil
}

// freezeOthers stops all threads but the one that takes turns: the scheduler's
// watchman would find that a turn takes long, since it is stepped, and interrupt it.
func (t *tracee) freezeOthers() error {
	names, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", t.pid))
	if err != nil {
		return err
	}
	for _, name := range names {
		tid, err := strconv.Atoi(filepath.Base(name))
		if err != nil {
			return err
		}
		if tid == t.pid {
			continue
		}
		if err := errors.Join(ptrace(ptraceSeize, tid), ptrace(ptraceInterrupt, tid)); err != nil {
			return fmt.Errorf("stopping thread %d of the child: %w", tid, err)
		}
		t.still = append(t.still, tid)
		if err := t.stopped(tid); err != nil {
			return err
		}
	}
	return nil
}

func ptrace(request, tid int) error {
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PTRACE, uintptr(request), uintptr(tid), 0, 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// count steps from behind a breakpoint to behind the next. What repeats itself,
// such as REP STOSQ, stops at each repetition, and is one instruction.
func (t *tracee) count() (steps, error) {
	s := steps{at: map[uint64]int{}}
	step := func(pid, signal int) error {
		_, _, errno := syscall.RawSyscall6(syscall.SYS_PTRACE, syscall.PTRACE_SINGLESTEP, uintptr(pid), 0, uintptr(signal), 0, 0)
		if errno != 0 {
			return errno
		}
		return nil
	}
	for {
		if s.total%stepsPerHeartbeat == 0 {
			t.alive.Reset(patience)
		}
		if err := t.resume(step); err != nil {
			return s, err
		}
		at, err := t.pointer()
		if err != nil {
			return s, err
		}
		if at != t.seen {
			s.at[t.seen]++
			s.total++
		}
		if t.seen = at; at == t.mark {
			return s, nil
		}
	}
}

// said is what the child has written.
func (t *tracee) said() string {
	b := make([]byte, 64)
	n, _ := t.out.Read(b)
	return string(b[:n])
}

// end kills the child and takes the status of each thread, so that nothing is left.
func (t *tracee) end() {
	t.alive.Stop()
	_ = syscall.Kill(t.pid, syscall.SIGKILL)
	for _, tid := range append(t.still, t.pid) { // the first thread is the last to be gone
		for t.stopped(tid) == nil {
		}
	}
	t.out.Close()
}
