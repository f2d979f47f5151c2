import Glibc

/// The notation of SentencePiece's vocabularies.
enum SentencePieces {
    /// U+2581, which stands for a space.
    static let spaceMark: [UInt8] = [0xe2, 0x96, 0x81]

    /// The first of them at or after an offset.
    static func nextSpaceMark(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var offset = start
        while let base = text.baseAddress, offset + spaceMark.count <= text.count,
            let found = memchr(base + offset, Int32(spaceMark[0]), text.count - offset)
        {
            offset = UnsafeRawPointer(found) - UnsafeRawPointer(base)
            if text[offset...].starts(with: spaceMark) { return offset }
            offset += 1
        }
        return nil
    }

    /// The bytes that a piece stands for.
    static func bytes(of piece: String) -> [UInt8] {
        // By bytes: a mark followed by a combining character is one `Character`.
        var piece = piece
        return piece.withUTF8 { text in
            var bytes = [UInt8]()
            bytes.reserveCapacity(text.count)
            var start = 0
            while let mark = nextSpaceMark(in: text, from: start) {
                bytes.append(contentsOf: text[start..<mark])
                bytes.append(0x20)
                start = mark + spaceMark.count
            }
            bytes.append(contentsOf: text[start...])
            return bytes
        }
    }

    /// The byte that a piece such as `<0x0A>` stands for.
    static func byte(of piece: String) -> UInt8? {
        let text = piece.utf8
        guard text.count == 6, text.starts(with: "<0x".utf8), text.last == UInt8(ascii: ">") else { return nil }
        return UInt8(piece.dropFirst(3).dropLast(), radix: 16)
    }
}
