import Foundation

/// Exchanges the names of two folders at once, so that neither name is without a folder at any time.
enum NameExchange {
    private typealias Call =
        @convention(c) (Int32, UnsafePointer<CChar>?, Int32, UnsafePointer<CChar>?, UInt32) -> Int32

    /// `RENAME_EXCHANGE`.
    private static let flag: UInt32 = 2

    /// Exchanges the names of two folders of one file system.
    ///
    /// - Parameters:
    ///   - first: An absolute path.
    ///   - second: An absolute path.
    /// - Returns: 0, or the system's error; `ENOSYS` if the C library does not have the call.
    static func exchange(_ first: String, _ second: String) -> Int32 {
        // The headers name it for C programs with GNU's extensions only, so it is looked up by name.
        guard let symbol = dlsym(nil, "renameat2") else { return ENOSYS }
        let renameAt = unsafeBitCast(symbol, to: Call.self)
        // The descriptors of folders are not looked at for absolute paths.
        return renameAt(-1, first, -1, second, flag) == 0 ? 0 : errno
    }

    /// Whether an error says that names cannot be exchanged here, and nothing else against renaming.
    static func isMissing(_ code: Int32) -> Bool { [ENOSYS, EINVAL, EOPNOTSUPP].contains(code) }
}
