import JSONText
import WeightFiles

/// A JSON file with an object at its root.
struct JSONFile {
    let path: String
    let root: JSONValue

    init(path: String) throws(TokenizerError) {
        let parsed: Result<JSONValue, JSONError>
        do throws(WeightFileError) {
            parsed = try MappedFile(path: path).withBytes { bytes throws(WeightFileError) in
                try GitPointer.check(bytes, file: path)
                return Result { () throws(JSONError) in try JSONValue(json: bytes) }
            }
        } catch {
            throw TokenizerError(error)
        }
        self.path = path
        switch parsed {
        case .success(let value) where value.object != nil: root = value
        case .success:
            throw TokenizerError(.file, file: path, field: "root", found: "no object", expected: "a JSON object")
        case .failure(let error):
            throw TokenizerError(
                .file, file: path, field: "offset \(error.offset)", found: "no JSON: \(error.finding)",
                expected: error.expected)
        }
    }

    func failure(
        _ field: String, _ found: String, _ expected: String, _ kind: TokenizerError.Kind = .invalid
    ) -> TokenizerError {
        TokenizerError(kind, file: path, field: field, found: found, expected: expected)
    }
}
