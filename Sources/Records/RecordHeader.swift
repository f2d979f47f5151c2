public import Hashing

/// What a record says of itself: whose contents it carries, and of which document.
public struct RecordHeader: Sendable, Hashable {
    /// The document's time, in milliseconds since 1970; `nil` if it carries none.
    public var time: Int64?
    /// The SipHash-128 of all token ids of the document; `nil` if the record holds the whole document.
    public var document: Hash128?
    /// The subject model's name.
    public var model: String
    /// A hash of the subject's weights; `nil` if it is not given.
    public var modelDigest: Hash128?
    /// The hookpoint that the contents belong to.
    public var hookpoint: String
    /// The sparse coder's name; empty for activations.
    public var coder: String
    /// A hash of the coder's weights; `nil` if it is not given, and for activations.
    public var coderDigest: Hash128?
    /// The width of a vector, `d_in`, or the number of latents.
    public var width: Int
    /// How values are held.
    public var values: ValueType
    /// The document's own id; empty for none.
    public var id: String
    /// The name of the collection that the document is from; empty if it does not say.
    public var source: String

    /// Makes a header.
    public init(
        time: Int64? = nil, document: Hash128? = nil, model: String, modelDigest: Hash128? = nil, hookpoint: String,
        coder: String = "", coderDigest: Hash128? = nil, width: Int, values: ValueType, id: String = "",
        source: String = ""
    ) {
        self.time = time
        self.document = document
        self.model = model
        self.modelDigest = modelDigest
        self.hookpoint = hookpoint
        self.coder = coder
        self.coderDigest = coderDigest
        self.width = width
        self.values = values
        self.id = id
        self.source = source
    }

    /// The value that stands for no time.
    private static let noTime = Int64.min

    /// The time that a record carries, read without its other fields; `nil` for none and for what is no record.
    public static func time(ofRecord bytes: [UInt8]) -> Int64? {
        guard bytes.starts(with: RecordPrelude.magic) else { return nil }
        var cursor = RecordCursor(bytes, from: RecordPrelude.byteCount)
        guard let time = try? cursor.number(Int64.self, field: "time"), time != noTime else { return nil }
        return time
    }

    init(_ cursor: inout RecordCursor) throws(RecordFault) {
        let time = try cursor.number(Int64.self, field: "time")
        self.time = time == Self.noTime ? nil : time
        document = try cursor.digest(field: "document")
        modelDigest = try cursor.digest(field: "model_digest")
        coderDigest = try cursor.digest(field: "coder_digest")
        width = Int(try cursor.number(UInt32.self, field: "width"))
        let values = try cursor.number(UInt8.self, field: "values")
        guard let type = ValueType(rawValue: values) else {
            throw RecordFault(
                .wrongShape, field: "values", found: "\(values)", expected: "1 (f16), 2 (bf16) or 3 (f32)")
        }
        self.values = type
        model = try cursor.text(field: "model")
        hookpoint = try cursor.text(field: "hookpoint")
        coder = try cursor.text(field: "coder")
        id = try cursor.text(field: "id")
        source = try cursor.text(field: "source")
        guard width > 0 else { throw RecordFault(.wrongShape, field: "width", found: "0", expected: "at least 1") }
    }

    func write(to writer: inout RecordWriter) throws(RecordFault) {
        guard let width = UInt32(exactly: width), width > 0 else {
            throw RecordFault(.wrongShape, field: "width", found: "\(self.width)", expected: "at least 1, in 32 bits")
        }
        writer.number(time ?? Self.noTime)
        writer.digest(document)
        writer.digest(modelDigest)
        writer.digest(coderDigest)
        writer.number(width)
        writer.number(values.rawValue)
        for (field, text) in [
            ("model", model), ("hookpoint", hookpoint), ("coder", coder), ("id", id), ("source", source),
        ] {
            try writer.text(text, field: field)
        }
    }
}
