import Glibc
public import WeightFiles

extension Tokenizer {
    /// Reads the tokenizer in the metadata of a GGUF file that is already open.
    ///
    /// Throws where it is missing, broken or of a kind that is not built.
    public convenience init(_ file: GGUFFile) throws(TokenizerError) {
        self.init(try Vocabulary(file))
    }

    /// Reads a tokenizer from a GGUF file, a `tokenizer.json`, or a folder that holds one.
    ///
    /// Throws where it is missing, broken or of a kind that is not built.
    public static func load(from path: String) throws(TokenizerError) -> Tokenizer {
        if isFolder(path) { return Tokenizer(try Vocabulary(jsonAt: path + "/tokenizer.json")) }
        guard try isGGUF(path) else { return Tokenizer(try Vocabulary(jsonAt: path)) }
        let file: GGUFFile
        do throws(WeightFileError) { file = try GGUFFile(path: path) } catch { throw TokenizerError(error) }
        return try Tokenizer(file)
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func isGGUF(_ path: String) throws(TokenizerError) -> Bool {
        do throws(WeightFileError) {
            return try MappedFile(path: path).withBytes { $0.prefix(4).elementsEqual("GGUF".utf8) }
        } catch {
            throw TokenizerError(error)
        }
    }
}
