import Foundation
import Synchronization

/// Lines on standard error, never mixed with one another.
public enum StandardErrorLines {
    private static let turn = Mutex(())

    /// Writes a text in one piece; where standard error is closed or full, the rest of it is lost.
    public static func write(_ text: String) {
        var bytes = ArraySlice(text.utf8)
        turn.withLock { _ in
            while !bytes.isEmpty {
                let count = bytes.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                bytes = bytes.dropFirst(count)
            }
        }
    }
}
