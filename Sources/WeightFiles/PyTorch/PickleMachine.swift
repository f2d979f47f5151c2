/// Reads the few instructions of Python's pickle format that a dictionary of tensors needs; executes nothing.
///
/// What Python would look up and call is known here by name (`PickleGlobal`) and has one fixed meaning; any other name is refused, and
/// so is any other instruction. Memory is bounded by the pickle: each instruction makes one value, and nothing is copied. Source:
/// `Lib/pickletools.py` of Python 3.12; `torch/serialization.py` of PyTorch 2.9 for what stands in it.
struct PickleMachine {
    private var reader: ByteReader
    private var stack: [PickleValue] = []
    /// The heights of the stack at which marks stand.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var containers = 0
    private let file: String

    /// The most tuples, lists and dictionaries of a file, of which a tensor takes six.
    ///
    /// Each may lie in the one before, and letting them go takes the more of the thread's stack the deeper they lie.
    static let mostContainers = 12_000

    init(_ bytes: UnsafeRawBufferPointer, file: String) {
        reader = ByteReader(bytes, file: file)
        self.file = file
    }

    /// The value that the pickle holds.
    mutating func run() throws(WeightFileError) -> PickleValue {
        while true {
            let place = reader.offset
            let code = try reader.integer(UInt8.self, "pickle")
            guard let instruction = PickleInstruction(rawValue: code) else {
                throw fault(
                    .unsupported, at: place, found: "instruction 0x" + String(code, radix: 16),
                    expected: "one of those that a dictionary of tensors needs")
            }
            if case .stop = instruction { break }
            if instruction.makesContainer { containers += 1 }
            guard containers <= Self.mostContainers else {
                throw fault(
                    .unsupported, at: place, found: "more than \(Self.mostContainers) tuples, lists and dictionaries",
                    expected: "a dictionary of tensors")
            }
            try carryOut(instruction, at: place)
        }
        guard marks.isEmpty, stack.count == 1, let value = stack.first else {
            throw fault(.invalid, at: reader.offset, found: "\(stack.count) values at the end", expected: "one")
        }
        return value
    }

    private mutating func carryOut(_ instruction: PickleInstruction, at place: Int) throws(WeightFileError) {
        switch instruction {
        case .proto: _ = try reader.integer(UInt8.self, "pickle protocol")
        case .frame: _ = try reader.integer(UInt64.self, "pickle frame")
        case .stop: break
        case .mark: marks.append(stack.count)
        case .pop: _ = try popped(at: place)
        case .none: stack.append(.none)
        case .newTrue: stack.append(.boolean(true))
        case .newFalse: stack.append(.boolean(false))
        case .binInt: stack.append(.integer(Int(try reader.integer(Int32.self, "whole number"))))
        case .binInt1: stack.append(.integer(Int(try reader.integer(UInt8.self, "whole number"))))
        case .binInt2: stack.append(.integer(Int(try reader.integer(UInt16.self, "whole number"))))
        case .long1: stack.append(.integer(try long(at: place)))
        case .binFloat:
            stack.append(.number(Double(bitPattern: try reader.integer(UInt64.self, "number").byteSwapped)))
        case .binUnicode: stack.append(.text(try text(Int(try reader.integer(UInt32.self, "text")), at: place)))
        case .shortBinUnicode: stack.append(.text(try text(Int(try reader.integer(UInt8.self, "text")), at: place)))
        case .emptyTuple: stack.append(.tuple([]))
        case .tuple1: try gather(1, at: place)
        case .tuple2: try gather(2, at: place)
        case .tuple3: try gather(3, at: place)
        case .tuple: stack.append(.tuple(try sinceMark(at: place)))
        case .emptyList: stack.append(.list(PickleList()))
        case .emptyDictionary: stack.append(.dictionary(PickleDictionary()))
        case .append:
            let item = try popped(at: place)
            try extend([item], at: place)
        case .appends:
            let items = try sinceMark(at: place)
            try extend(items, at: place)
        case .setItem:
            let value = try popped(at: place)
            let key = try popped(at: place)
            try set([key, value], at: place)
        case .setItems:
            let items = try sinceMark(at: place)
            try set(items, at: place)
        case .global:
            let module = try line(at: place)
            let name = try line(at: place)
            stack.append(try global(module, name, at: place))
        case .stackGlobal:
            guard case .text(let name) = try popped(at: place), case .text(let module) = try popped(at: place) else {
                throw fault(.invalid, at: place, found: "no two texts", expected: "a module and a name")
            }
            stack.append(try global(module, name, at: place))
        case .binPut: memo[Int(try reader.integer(UInt8.self, "memo"))] = try top(at: place)
        case .longBinPut: memo[Int(try reader.integer(UInt32.self, "memo"))] = try top(at: place)
        case .memoize: memo[memo.count] = try top(at: place)
        case .binGet: try recall(Int(try reader.integer(UInt8.self, "memo")), at: place)
        case .longBinGet: try recall(Int(try reader.integer(UInt32.self, "memo")), at: place)
        case .binPersistentID:
            let id = try popped(at: place)
            stack.append(.storage(try storage(id, at: place)))
        case .reduce:
            let arguments = try popped(at: place)
            let global = try popped(at: place)
            stack.append(try made(by: global, of: arguments, at: place))
        case .build:
            // A dictionary of tensors has attributes, which say nothing of the tensors.
            _ = try popped(at: place)
            guard case .dictionary = try top(at: place) else {
                throw fault(
                    .unsupported, at: place, found: "attributes of \(try top(at: place).kind)",
                    expected: "those of a dictionary only")
            }
        }
    }
}

extension PickleMachine {
    private func fault(
        _ kind: WeightFileError.Kind, at place: Int, found: String, expected: String
    ) -> WeightFileError {
        WeightFileError(kind, file: file, field: "data.pkl at byte \(place)", found: found, expected: expected)
    }

    private func top(at place: Int) throws(WeightFileError) -> PickleValue {
        guard stack.count > (marks.last ?? 0), let value = stack.last else {
            throw fault(.invalid, at: place, found: "no value", expected: "one")
        }
        return value
    }

    private mutating func popped(at place: Int) throws(WeightFileError) -> PickleValue {
        let value = try top(at: place)
        stack.removeLast()
        return value
    }

    private mutating func gather(_ count: Int, at place: Int) throws(WeightFileError) {
        var items: [PickleValue] = []
        for _ in 0..<count { items.append(try popped(at: place)) }
        stack.append(.tuple(items.reversed()))
    }

    private mutating func sinceMark(at place: Int) throws(WeightFileError) -> [PickleValue] {
        guard let mark = marks.popLast(), mark <= stack.count else {
            throw fault(.invalid, at: place, found: "no mark", expected: "one before it")
        }
        let items = Array(stack[mark...])
        stack.removeSubrange(mark...)
        return items
    }

    private func extend(_ items: [PickleValue], at place: Int) throws(WeightFileError) {
        guard case .list(let list) = try top(at: place) else {
            throw fault(.invalid, at: place, found: try top(at: place).kind, expected: "a list")
        }
        list.items += items
    }

    private func set(_ items: [PickleValue], at place: Int) throws(WeightFileError) {
        guard case .dictionary(let dictionary) = try top(at: place), items.count.isMultiple(of: 2) else {
            throw fault(.invalid, at: place, found: try top(at: place).kind, expected: "a dictionary and pairs")
        }
        for index in stride(from: 0, to: items.count, by: 2) {
            let key: String
            switch items[index] {
            case .text(let text): key = text
            case .integer(let number): key = "\(number)"
            case let other:
                throw fault(.unsupported, at: place, found: "\(other.kind) as a key", expected: "a text")
            }
            dictionary.items.append((key, items[index + 1]))
        }
    }

    private mutating func recall(_ index: Int, at place: Int) throws(WeightFileError) {
        guard let value = memo[index] else {
            throw fault(.invalid, at: place, found: "memo \(index), which is empty", expected: "a value put there")
        }
        stack.append(value)
    }

    private mutating func text(_ count: Int, at place: Int) throws(WeightFileError) -> String {
        let bytes = try reader.take(UInt64(count), "text")
        guard let text = String(validating: bytes.assumingMemoryBound(to: UInt8.self), as: UTF8.self) else {
            throw fault(.invalid, at: place, found: "bytes that are not UTF-8", expected: "UTF-8")
        }
        return text
    }

    /// The text up to the end of the line.
    private mutating func line(at place: Int) throws(WeightFileError) -> String {
        var bytes: [UInt8] = []
        while true {
            let byte = try reader.integer(UInt8.self, "name")
            if byte == 0x0a { break }
            bytes.append(byte)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw fault(.invalid, at: place, found: "bytes that are not UTF-8", expected: "UTF-8")
        }
        return text
    }

    /// A whole number of up to eight bytes, in two's complement.
    private mutating func long(at place: Int) throws(WeightFileError) -> Int {
        let count = try reader.integer(UInt8.self, "whole number")
        let bytes = try reader.take(UInt64(count), "whole number")
        guard count <= 8 else {
            throw fault(
                .unsupported, at: place, found: "a whole number of \(count) bytes, as of a file of PyTorch before 1.6",
                expected: "at most 8")
        }
        var value: UInt64 = (bytes.last ?? 0) & 0x80 == 0 ? 0 : .max
        for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
        return Int(truncatingIfNeeded: value)
    }

    private func global(_ module: String, _ name: String, at place: Int) throws(WeightFileError) -> PickleValue {
        guard let global = PickleGlobal(module, name) else {
            throw fault(
                .unsupported, at: place, found: "\(module).\(name)",
                expected: "tensors, dictionaries and plain values only; nothing in such a file is executed")
        }
        return .global(global)
    }

    /// The storage that `('storage', type, key, device, count)` names.
    private func storage(_ value: PickleValue, at place: Int) throws(WeightFileError) -> PickleStorage {
        guard case .tuple(let items) = value, items.count == 5, case .text("storage") = items[0],
            case .global(.storage(let type)) = items[1], case .text(let key) = items[2],
            case .integer(let count) = items[4], count >= 0
        else { throw fault(.invalid, at: place, found: "another id of a storage", expected: "type, key and size") }
        return PickleStorage(type: type, key: key, count: count)
    }

    /// What Python would make by calling one of the known names.
    private func made(
        by global: PickleValue, of arguments: PickleValue, at place: Int
    ) throws(WeightFileError) -> PickleValue {
        guard case .tuple(let items) = arguments else {
            throw fault(.invalid, at: place, found: arguments.kind, expected: "a tuple of arguments")
        }
        switch global {
        case .global(.orderedDictionary) where items.isEmpty: return .dictionary(PickleDictionary())
        case .global(.parameter):
            guard case .tensor? = items.first, let tensor = items.first else { break }
            return tensor
        case .global(.tensor):
            guard items.count >= 4, case .storage(let storage) = items[0], case .integer(let offset) = items[1],
                let shape = Self.sizes(items[2]), let strides = Self.sizes(items[3]), shape.count == strides.count,
                offset >= 0
            else { break }
            return .tensor(PickleTensor(storage: storage, offset: offset, shape: shape, strides: strides))
        default: break
        }
        throw fault(.unsupported, at: place, found: "\(global.kind) of other arguments", expected: "those of PyTorch 2")
    }

    private static func sizes(_ value: PickleValue) -> [Int]? {
        guard case .tuple(let items) = value, items.count <= 8 else { return nil }
        var sizes: [Int] = []
        for case .integer(let size) in items where size >= 0 { sizes.append(size) }
        return sizes.count == items.count ? sizes : nil
    }
}
