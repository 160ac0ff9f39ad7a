// Package local finds what servers need that examples start on this machine: free ports, and
// programs that are installed.
package local

import (
	"net"
	"os/exec"
	"path/filepath"
)

// Servers is where Debian keeps servers. It is not in the PATH of everybody.
const Servers = "/usr/sbin"

// Program returns the path of a program, also of one that only Debian's servers are beside.
func Program(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	return exec.LookPath(filepath.Join(Servers, name))
}

// Ports returns different ports that nobody listened on a moment ago.
func Ports(n int) (all []int, err error) {
	for range n {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer listener.Close() // when there are all, so that none comes twice
		all = append(all, listener.Addr().(*net.TCPAddr).Port)
	}
	return all, nil
}
