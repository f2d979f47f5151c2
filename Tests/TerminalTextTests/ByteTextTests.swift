import Testing

@testable import TerminalText

@Suite struct ByteTextTests {
    @Test(arguments: [
        (0, "0 KiB"), (1023, "0 KiB"), (1024, "1 KiB"), ((1 << 20) - 1, "1023 KiB"), (1 << 20, "1 MiB"),
        ((1 << 30) - 1, "1023 MiB"), (1 << 30, "1.0 GiB"), (3 << 29, "1.5 GiB"), ((2 << 30) - 1, "1.9 GiB"),
        (4 << 30, "4.0 GiB"), (1 << 40, "1024.0 GiB"),
    ]) func bytesAreRoundedDownToAUnit(bytes: Int, text: String) {
        #expect(ByteText(bytes).description == text)
    }

    @Test func aNumberBeyondWhatIsCountedIsTakenForTheLargest() {
        #expect(ByteText(UInt64.max).description == ByteText(Int.max).description)
        #expect(ByteText(UInt8(7)).description == "0 KiB")
    }
}
