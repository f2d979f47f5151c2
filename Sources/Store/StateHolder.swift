import Foundation

/// Who has a state directory open.
public enum StateHolder {
    /// The process that runs on a state directory; `nil` if none does.
    ///
    /// - Throws: `StoreError` as a reader of the directory does, for what is no state.
    public static func process(of directory: String) throws(StoreError) -> Int32? {
        _ = try Store.reader(directory: directory)
        return DirectoryLock.holder(of: directory)
    }
}
