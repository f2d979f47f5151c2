/// A text that a model wrote for the subject to read, and where a latent fires in it.
public struct WrittenText: Sendable, Hashable {
    /// A token at which the latent fires.
    public struct Firing: Sendable, Hashable {
        /// Its bytes among those of the text.
        public let bytes: Range<Int>
        /// The activation.
        public let activation: Float

        /// Makes a firing.
        public init(bytes: Range<Int>, activation: Float) {
            self.bytes = bytes
            self.activation = activation
        }
    }

    /// A piece of a text: one token at which the latent fires, or what stands between two.
    public struct Part: Sendable, Hashable {
        /// The piece.
        public let text: String
        /// The latent's activation; 0 where it is silent.
        public let activation: Float
    }

    /// The bytes of the tokens that the subject read, in UTF-8 unless a character is cut.
    public let bytes: [UInt8]
    /// Whether it was written to set the latent off.
    public let isMeant: Bool
    /// Where the latent fires, in order.
    public let firings: [Firing]

    /// Puts a text together from its tokens.
    ///
    /// - Parameters:
    ///   - tokens: The bytes of each token.
    ///   - activations: `[tokens]`, 0 where the latent is silent.
    public init(tokens: [[UInt8]], activations: [Float], isMeant: Bool) {
        var (bytes, firings) = ([UInt8](), [Firing]())
        for (token, activation) in zip(tokens, activations) {
            let start = bytes.count
            bytes += token
            if activation > 0 { firings.append(Firing(bytes: start..<bytes.count, activation: activation)) }
        }
        self.init(bytes: bytes, isMeant: isMeant, firings: firings)
    }

    init(bytes: [UInt8], isMeant: Bool, firings: [Firing]) {
        self.bytes = bytes
        self.isMeant = isMeant
        self.firings = firings
    }

    /// The text; bytes that are not UTF-8 are shown as U+FFFD.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The largest activation; 0 if the latent is silent.
    public var peak: Float { firings.map(\.activation).max() ?? 0 }

    /// The text in pieces; a character of several tokens belongs to the first that fires.
    public var parts: [Part] {
        var parts: [Part] = []
        var (piece, owner) = (String.UnicodeScalarView(), Int?.none)
        func close() {
            guard !piece.isEmpty else { return }
            parts.append(Part(text: String(piece), activation: owner.map { firings[$0].activation } ?? 0))
            piece = String.UnicodeScalarView()
        }
        var (start, next) = (0, 0)
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        scalars: while true {
            let (scalar, length): (Unicode.Scalar, Int)
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded): (scalar, length) = (Unicode.UTF8.decode(encoded), encoded.count)
            case .error(let count): (scalar, length) = ("\u{FFFD}", count)
            case .emptyInput: break scalars
            }
            let end = start + length
            while next < firings.count, firings[next].bytes.upperBound <= start { next += 1 }
            let found = next < firings.count && firings[next].bytes.lowerBound < end ? next : nil
            if found != owner {
                close()
                owner = found
            }
            piece.append(scalar)
            start = end
        }
        close()
        return parts
    }
}

/// The texts of one score, as they are kept with it.
///
/// In bytes: a version, the number of texts, then of each its flags, the number of its bytes, the bytes, the number of firings
/// and of each firing its start, its length and the bits of its activation; whole numbers are LEB128.
public struct WrittenTexts: Sendable, Hashable {
    /// Another number than what judges' verdicts begin with.
    private static let version: UInt64 = 2

    /// The texts: those that are meant to set the latent off, then the others.
    public let texts: [WrittenText]

    /// Brings texts together.
    public init(_ texts: [WrittenText]) { self.texts = texts }

    /// The bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        func put(_ value: Int) { LEB128.append(UInt64(clamping: value), to: &bytes) }
        LEB128.append(Self.version, to: &bytes)
        put(texts.count)
        for text in texts {
            put(text.isMeant ? 1 : 0)
            put(text.bytes.count)
            bytes += text.bytes
            put(text.firings.count)
            for firing in text.firings {
                put(firing.bytes.lowerBound)
                put(firing.bytes.count)
                LEB128.append(firing.activation.bitPattern, to: &bytes)
            }
        }
        return bytes
    }

    /// Reads bytes; `nil` if they are not in the form that `bytes` writes, such as a judge's verdicts.
    public init?(bytes: [UInt8]) {
        var reader = ByteReader(bytes: bytes)
        guard reader.number() == Self.version, let count = reader.count() else { return nil }
        var texts: [WrittenText] = []
        for _ in 0..<count {
            guard let flags = reader.number(), let length = reader.count(), let text = reader.bytes(length),
                let firingCount = reader.count()
            else { return nil }
            var firings: [WrittenText.Firing] = []
            for _ in 0..<firingCount {
                guard let start = reader.count(), let size = reader.count(), size <= length, start <= length - size,
                    start >= firings.last?.bytes.upperBound ?? 0,
                    let bits = reader.number().flatMap({ UInt32(exactly: $0) })
                else { return nil }
                firings.append(
                    WrittenText.Firing(bytes: start..<start + size, activation: Float(bitPattern: bits)))
            }
            texts.append(WrittenText(bytes: text, isMeant: flags & 1 == 1, firings: firings))
        }
        guard reader.isAtEnd else { return nil }
        self.texts = texts
    }
}

/// Takes numbers and bytes off the front of some bytes.
private struct ByteReader {
    private let all: [UInt8]
    private var place = 0

    init(bytes: [UInt8]) { all = bytes }

    var isAtEnd: Bool { place == all.count }

    mutating func number() -> UInt64? {
        var number = LEB128.Reader<UInt64>()
        while place < all.count {
            let byte = all[place]
            place += 1
            do throws(LEB128.TooLarge) {
                if let value = try number.take(byte) { return value }
            } catch {
                return nil
            }
        }
        return nil
    }

    /// A number of things of which each takes a byte at least, so that no damage asks for more memory than there is text.
    mutating func count() -> Int? { number().flatMap { Int(exactly: $0) }.flatMap { $0 <= all.count ? $0 : nil } }

    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count <= all.count - place else { return nil }
        defer { place += count }
        return Array(all[place..<place + count])
    }
}
