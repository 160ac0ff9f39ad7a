package wire

import (
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"sync"
)

// This file says who gave a function, and where. In comes a function, or the stack of calls. Out
// come the file:line of the registration, and whether two functions are the same.

// nearby is how many calls of the stack are looked at first. The registration is nearly always
// among them.
const nearby = 12

// A stack is the nearest calls of one that asks where it was called.
type stack struct {
	pkg   string
	calls [nearby]uintptr
}

// sites are the places found so far: a loop registers thousands of functions at one place.
var (
	sitesMutex sync.Mutex
	sites      = map[stack]string{}
)

// Caller is the file:line of the nearest caller outside the package whose
// import path is pkg, and outside its internal ones; their tests count as outside.
func Caller(pkg string) string {
	at := stack{pkg: pkg}
	n := runtime.Callers(2, at.calls[:])
	sitesMutex.Lock()
	defer sitesMutex.Unlock()
	if site := sites[at]; site != "" {
		return site
	}
	if site, found := outside(pkg, at.calls[:n]); found {
		sites[at] = site
		return site
	}
	var all [64]uintptr
	site, _ := outside(pkg, all[:runtime.Callers(2, all[:])])
	return site
}

// outside is the first of calls that is outside the package; else found is false, and site is
// the last.
func outside(pkg string, calls []uintptr) (site string, found bool) {
	frames := runtime.CallersFrames(calls)
	for {
		frame, more := frames.Next()
		ours := strings.HasPrefix(frame.Function, pkg+".") || strings.HasPrefix(frame.Function, pkg+"/")
		inside := ours && !strings.HasSuffix(frame.File, "_test.go")
		if !inside || !more {
			return trimDir(frame.File) + ":" + strconv.Itoa(frame.Line), !inside
		}
	}
}

// trimDir keeps the last folder of a file's path: enough to find it, and the
// same on every machine.
func trimDir(file string) string {
	i := strings.LastIndexByte(file, '/')
	if i < 0 {
		return file
	}
	return file[strings.LastIndexByte(file[:i], '/')+1:]
}

// An Identity says which function was given, and where. Of two Funcs with one Identity, each
// does what the other does.
type Identity struct {
	site string
	code uintptr
	of   reflect.Type
}

// Identity is the identity of the function. known is false for one that may hold variables: a
// closure, a method value, an instance of a generic function, one that reflection made. Its code
// does not tell it from others.
func (f *Func) Identity() (id Identity, known bool) {
	code := f.value.Pointer()
	of := runtime.FuncForPC(code)
	if of == nil || holdsVariables(of.Name()) {
		return Identity{}, false
	}
	return Identity{f.Site, code, f.value.Type()}, true
}

// holdsVariables reports whether the compiler names functions so that may hold variables.
func holdsVariables(name string) bool {
	if strings.HasPrefix(name, "reflect.") || strings.HasSuffix(name, "-fm") || strings.ContainsRune(name, '[') {
		return true
	}
	for rest, found := name, true; found; {
		if _, rest, found = strings.Cut(rest, ".func"); found && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			return true
		}
	}
	return false
}
