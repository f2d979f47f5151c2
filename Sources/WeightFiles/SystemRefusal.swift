import Foundation

/// Why the operating system refused a call.
package struct SystemRefusal: Sendable, Hashable {
    /// The `errno`.
    package let code: Int32

    /// Makes a refusal from an `errno`.
    package init(_ code: Int32) { self.code = code }

    /// The refusal that an error of Foundation comes of; `nil` if it is of another kind.
    package init?(_ error: any Error) {
        let error = error as NSError
        if error.domain == NSPOSIXErrorDomain {
            self.init(Int32(clamping: error.code))
        } else if let cause = error.userInfo[NSUnderlyingErrorKey] as? any Error {
            self.init(cause)
        } else {
            return nil
        }
    }

    /// The reason, and what to do if the system's own words do not say.
    package var reason: String {
        switch code {
        case EMFILE: "too many open files; raise `ulimit -n`"
        case ENFILE: "too many open files on this machine; raise fs.file-max"
        default: String(cString: strerror(code))
        }
    }

    /// Whether the machine has no more of something, or fails, whatever the path.
    package var isOfTheMachine: Bool {
        [EMFILE, ENFILE, ENOMEM, ENOSPC, EDQUOT, EFBIG, EIO, EROFS].contains(code)
    }
}
