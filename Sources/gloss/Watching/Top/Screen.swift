import Foundation
import Synchronization
import TerminalText

/// The terminal as a screen of its own: while it is entered, keys come as they are pressed and nothing scrolls.
///
/// What was there before is put back by `leave`, which may be called at any time, from any thread, also in the middle of a
/// frame.
final class Screen: Sendable {
    private let input: Int32
    private let output: Int32
    private let before: termios
    private let isEntered = Mutex(false)

    /// The alternate screen, no cursor, no wrapping of lines.
    private static let entering = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l"
    // The first character ends a sequence that a frame has left unfinished.
    private static let leaving = "\u{18}\u{1B}[?2026l\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

    /// A screen on a terminal; `nil` if the descriptors are none.
    init?(input: Int32 = STDIN_FILENO, output: Int32 = STDOUT_FILENO) {
        var settings = termios()
        guard isatty(output) == 1, tcgetattr(input, &settings) == 0 else { return nil }
        (self.input, self.output, before) = (input, output, settings)
    }

    /// Takes the terminal.
    func enter() {
        var raw = before
        // Signals stay: Ctrl-C and Ctrl-Z mean what they always do.
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        raw.c_iflag &= ~tcflag_t(IXON)
        withUnsafeMutableBytes(of: &raw.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
        }
        // One that runs in the background must not take the terminal from the shell; SIGCONT comes again in the foreground.
        let group = tcgetpgrp(input)
        guard group < 0 || group == getpgrp() else { return }
        isEntered.withLock { $0 = true }
        tcsetattr(input, TCSANOW, &raw)
        try? DescriptorWriter(output).write(Self.entering)
    }

    /// Gives the terminal back as it was.
    func leave() {
        let wasEntered = isEntered.withLock { isEntered in
            let before = isEntered
            isEntered = false
            return before
        }
        guard wasEntered else { return }
        // Settings first: a terminal that takes no more output must not keep them. What it has not taken yet of a frame is
        // dropped, so that what puts it back does not wait behind it.
        var settings = before
        tcsetattr(input, TCSANOW, &settings)
        tcflush(output, TCOFLUSH)
        try? DescriptorWriter(output).write(Self.leaving)
    }

    /// Draws a frame over the one before; a terminal that can shows it at once.
    func draw(_ lines: [String]) throws(WriteFailure) {
        guard isEntered.withLock({ $0 }) else { return }
        let body = lines.map { "\($0)\u{1B}[0m\u{1B}[K" }.joined(separator: "\r\n")
        try DescriptorWriter(output).write("\u{1B}[?2026h\u{1B}[H\(body)\u{1B}[J\u{1B}[?2026l")
    }
}
