import Foundation

/// A terminal of a test's own, such as a person would sit at.
final class PseudoTerminal {
    /// The test's end.
    private let keyboard: Int32
    /// The program's end.
    private let screen: Int32
    /// All that the program has written.
    private(set) var written: [UInt8] = []

    init(columns: UInt16 = 80, rows: UInt16 = 24) throws {
        var (keyboard, screen): (Int32, Int32) = (-1, -1)
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&keyboard, &screen, nil, nil, &size) == 0 else { throw CocoaError(.fileReadUnknown) }
        (self.keyboard, self.screen) = (keyboard, screen)
    }

    deinit {
        close(keyboard)
        close(screen)
    }

    /// Starts a program at the terminal.
    func start(_ process: Process) throws {
        process.standardInput = FileHandle(fileDescriptor: dup(screen), closeOnDealloc: true)
        process.standardOutput = FileHandle(fileDescriptor: dup(screen), closeOnDealloc: true)
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// Presses keys.
    func press(_ keys: String) {
        let bytes = Array(keys.utf8)
        _ = bytes.withUnsafeBytes { write(keyboard, $0.baseAddress, $0.count) }
    }

    /// Makes the window another size; the program is told by the caller.
    func resize(columns: UInt16, rows: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(keyboard, UInt(TIOCSWINSZ), &size)
    }

    /// Reads until the program has written a text after a place; returns the place after it.
    ///
    /// - Returns: `nil` if it did not come within a minute, whatever else came.
    func wait(for text: String, after start: Int = 0) -> Int? {
        let wanted = Array(text.utf8)
        let begun = ContinuousClock.now
        while begun.duration(to: .now) < .seconds(60) {
            if let place = Self.place(of: wanted, in: written, from: start) { return place + wanted.count }
            var asked = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
            guard poll(&asked, 1, 60_000) > 0 else { return nil }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(keyboard, &buffer, buffer.count)
            guard count > 0 else { return nil }
            written += buffer.prefix(count)
        }
        return nil
    }

    /// What `stty -a` says of it.
    var settings: String {
        get throws {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/stty")
            process.arguments = ["-a"]
            process.standardInput = FileHandle(fileDescriptor: dup(screen), closeOnDealloc: true)
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let data = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return String(decoding: data, as: UTF8.self)
        }
    }

    private static func place(of wanted: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count - start >= wanted.count else { return nil }
        return (start...(bytes.count - wanted.count)).first { bytes[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
}
