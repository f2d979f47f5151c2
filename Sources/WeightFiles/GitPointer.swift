/// The text that Git LFS leaves in the place of a large file that was not fetched.
package enum GitPointer {
    private static let beginning = "version https://git-lfs.github.com/spec/"

    /// Throws if a file is such a text.
    package static func check(_ bytes: UnsafeRawBufferPointer, file: String) throws(WeightFileError) {
        guard bytes.count < 1024, bytes.prefix(beginning.utf8.count).elementsEqual(beginning.utf8) else { return }
        throw WeightFileError(
            .format, file: file, field: "file", found: "a Git LFS pointer",
            expected: "the file that it points to; get it by `git lfs pull`")
    }
}
