import Foundation

/// Lines for the operator, on standard error.
enum Notice {
    /// Writes one line: its origin and its message, without control characters.
    static func write(_ origin: String, _ text: String) {
        let line = "[\(origin)] \(printable(text))\n"
        FileHandle.standardError.write(Data((Terminal.isInteractive ? "\r\u{1B}[K" : "").utf8) + Data(line.utf8))
    }

    /// A text without control characters, so that nothing in it can steer a terminal.
    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter {
                    $0 == "\n" || !($0.properties.isBidiControl || $0.value < 0x20 || (0x7F...0x9F).contains($0.value))
                }))
    }
}
