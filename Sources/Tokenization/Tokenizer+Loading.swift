import Glibc
public import WeightFiles

extension Tokenizer {
    /// Reads the tokenizer in the metadata of a GGUF file that is already open.
    ///
    /// Throws if it is missing, broken or of a kind that is not built.
    public convenience init(_ file: GGUFFile) throws(TokenizerError) {
        self.init(try Vocabulary(file))
    }

    /// Reads a tokenizer from a GGUF file, a `tokenizer.json`, BERT's `vocab.txt`, or a folder that holds one of the latter two.
    ///
    /// Throws if it is missing, broken or of a kind that is not built.
    public static func load(from path: String) throws(TokenizerError) -> Tokenizer {
        if isFolder(path) {
            let file = path + "/tokenizer.json"
            let words = path + "/vocab.txt"
            if access(file, F_OK) != 0, access(words, F_OK) == 0 { return Tokenizer(try Vocabulary(wordsAt: words)) }
            return Tokenizer(try Vocabulary(jsonAt: file))
        }
        if path.hasSuffix(".txt") { return Tokenizer(try Vocabulary(wordsAt: path)) }
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
