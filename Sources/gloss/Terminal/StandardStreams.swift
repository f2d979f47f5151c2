import Foundation

/// Standard input, output and error as a process is given them.
enum StandardStreams {
    /// Keeps a stream that the caller closed from ending the process, or from being mistaken for a file opened later.
    ///
    /// A closed stream becomes one that can neither be read nor written: the next file, socket or database would else
    /// get its number and all that is printed. A reader that has gone is an error to be handled where it is met, since
    /// a signal would end a run without a checkpoint.
    static func secure() {
        signal(SIGPIPE, SIG_IGN)
        // A file that may not grow is an error to be reported, like a full disk.
        signal(SIGXFSZ, SIG_IGN)
        for (descriptor, useless) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)] {
            guard fcntl(descriptor, F_GETFD) < 0, errno == EBADF else { continue }
            let opened = open("/dev/null", useless)
            // The lowest free number is given, and the lower ones are open by now.
            if opened >= 0, opened != descriptor {
                dup2(opened, descriptor)
                close(opened)
            }
        }
    }
}
