import Elements
import Hashing
import TestSupport
import Testing

@testable import Corpus

@Suite struct LineSplitterTests {
    private func lines(_ text: [UInt8], pieces: Int, maximumBytes: Int = 100) -> [Line] {
        var splitter = LineSplitter(start: 0, maximumBytes: maximumBytes)
        var lines: [Line] = []
        for start in stride(from: 0, to: text.count, by: pieces) {
            text[start..<min(start + pieces, text.count)].withUnsafeBytes { piece in
                splitter.split(piece) { lines.append($0) }
            }
        }
        if let last = splitter.finish() { lines.append(last) }
        return lines
    }

    /// The naive twin: whole text in memory, cut at LF.
    private func naive(_ text: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var offset = 0
        let parts = text.split(separator: 0x0a, omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let next = offset + part.count + (index + 1 < parts.count ? 1 : 0)
            let bytes = part.last == 0x0d ? Array(part.dropLast()) : Array(part)
            if !bytes.allSatisfy({ [0x20, 0x09, 0x0d].contains($0) }) {
                lines.append(
                    Line(offset: Int64(offset), next: Int64(next), bytes: bytes, size: bytes.count, hashOfWhole: nil))
            }
            offset = next
        }
        return lines
    }

    @Test func sameAsTheNaiveTwinHoweverTheTextIsCut() {
        var numbers = NumberStream(seed: 3)
        let alphabet = Array("ab \t\r\n\n".utf8)
        for _ in 0..<300 {
            let text = (0..<Int.random(in: 0..<60, using: &numbers)).map { _ in
                alphabet.randomElement(using: &numbers) ?? 0
            }
            for pieces in [1, 2, 7, 100] { #expect(lines(text, pieces: pieces) == naive(text)) }
        }
    }

    @Test func crLfAndBlankLinesKeepOffsetsRight() {
        let found = lines(Array("one\r\n\r\n \t\ntwo\n\nthree".utf8), pieces: 4)
        #expect(found.map { String(decoding: $0.bytes, as: UTF8.self) } == ["one", "two", "three"])
        #expect(found.map(\.offset) == [0, 10, 15])
        #expect(found.map(\.next) == [5, 14, 20])
    }

    @Test func aLineThatIsTooLargeIsCountedAndHashedWhole() {
        let long = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 % 251) | 0x20 }
        for lineBreak in ["\n", "\r\n", ""] {
            for pieces in [1, 4096, 300_000] {
                let text = Array("a\n".utf8) + long + Array(lineBreak.utf8)
                let found = lines(text, pieces: pieces, maximumBytes: 70_000)
                #expect(found.count == 2)
                #expect(found.last?.size == long.count)
                #expect(found.last?.next == Int64(text.count))
                #expect(found.last?.bytes == Array(long.prefix(DeadLetter.keptBytes)))
                var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: false)
                hasher.update(long)
                #expect(found.last?.hashOfWhole == hasher.finalize64())
            }
        }
    }

    @Test func theLineBreakDoesNotCountTowardsTheLargestLine() {
        for lineBreak in ["\n", "\r\n", "", "\r"] {
            let exact = lines(Array(("aaaa" + lineBreak).utf8), pieces: 1, maximumBytes: 4)
            #expect(exact.map(\.size) == [4])
            #expect(exact.first?.hashOfWhole == nil)
            let larger = lines(Array(("aaaaa" + lineBreak).utf8), pieces: 1, maximumBytes: 4)
            #expect(larger.map(\.size) == [5])
            #expect(larger.first?.hashOfWhole != nil)
        }
    }
}
