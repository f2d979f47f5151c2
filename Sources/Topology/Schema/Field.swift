/// A field of a node as a key: its schema, and how its value is read as `Value`.
///
/// A definition mentions a field by its key alone. The default in the schema is filled in when the file is read, so it
/// is written only once.
package struct Field<Value: Sendable>: Sendable {
    /// The field's schema.
    package let schema: FieldSchema
    /// Converts the value from the file or the default; `nil` if that is not a `Value`.
    let read: @Sendable (FieldValue?) -> Value?

    init(_ schema: FieldSchema, _ read: @escaping @Sendable (FieldValue?) -> Value?) {
        self.schema = schema
        self.read = read
    }

    /// A key that is an optional value: absent fields are `nil`, and those of another type are refused.
    init<Wrapped: Sendable>(
        optional schema: FieldSchema, _ read: @escaping @Sendable (FieldValue) -> Wrapped?
    ) where Value == Wrapped? {
        self.schema = schema
        self.read = { value in
            guard let value else { return .some(nil) }
            return read(value).map { .some($0) }
        }
    }
}

extension Node {
    /// The value of a field.
    ///
    /// - Throws: `TopologyError.missingField` if the schema of the node has no such field, or the field no value of its type.
    package subscript<Value>(_ field: Field<Value>) -> Value {
        get throws(TopologyError) {
            guard schema.fields.contains(where: { $0.name == field.schema.name }),
                let value = field.read(fields[field.schema.name])
            else { throw .missingField(node: id, field: field.schema.name) }
            return value
        }
    }

    /// The place of a field's value; the node's own place if the field is not in the file.
    package func mark<Value>(of field: Field<Value>) -> SourceMark { mark(of: field.schema.name) }

    /// The place of an element of a list, counted from 0; the field's place if there is no such element.
    package func mark<Value>(of field: Field<Value>, element: Int) -> SourceMark {
        mark(of: field.schema.name, element: element)
    }

    /// The place of `inputs`; the node's own place if it has none.
    package var inputsMark: SourceMark { mark(of: "inputs") }
}
