// The shapes of Open311 GeoReport v2 answers in JSON, as the strictest known reader wants them: ids and
// codes are strings of plain ASCII, truth values are the words "true" and "false", times have seconds and
// a zone and no fractions.

const text = { type: 'string' };
const optional = { type: ['string', 'null'] };
const code = { type: 'string', pattern: '^[A-Za-z0-9_.-]+$' };
const time = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(Z|[+-]\\d{2}:\\d{2})$' };
const maybe = (schema) => ({ anyOf: [schema, { type: 'null' }] });
const truth = { enum: ['true', 'false'] };

const object = (properties, required = Object.keys(properties)) => ({ type: 'object', properties, required });
const list = (items, minItems = 0) => ({ type: 'array', items, minItems });

export const discovery = object({
  changeset: time,
  contact: text,
  key_service: text,
  // One endpoint becomes an object in careless readers, so there are two.
  endpoints: list(
    object({
      specification: text, url: text, changeset: time, type: { enum: ['production', 'test'] },
      formats: list({ enum: ['text/xml', 'application/json'] }, 2),
    }),
    2,
  ),
});

export const services = list(
  object({
    service_code: code,
    service_name: { type: 'string', minLength: 1 },
    description: optional,
    metadata: truth,
    type: { enum: ['realtime', 'batch', 'blackbox'] },
    keywords: optional,
    group: optional,
  }),
  1,
);

export const definition = object({
  service_code: code,
  attributes: list(
    object(
      {
        variable: truth,
        code,
        datatype: { enum: ['string', 'number', 'datetime', 'text', 'singlevaluelist', 'multivaluelist'] },
        required: truth,
        datatype_description: optional,
        order: { type: ['string', 'integer'] },
        description: text,
        values: list(object({ key: text, name: text })),
      },
      ['variable', 'code', 'datatype', 'required', 'datatype_description', 'order', 'description'],
    ),
  ),
});

export const requests = list(
  object({
    service_request_id: code,
    status: { enum: ['open', 'closed'] },
    status_notes: optional,
    service_name: text,
    service_code: code,
    description: optional,
    agency_responsible: optional,
    service_notice: optional,
    requested_datetime: time,
    updated_datetime: maybe(time),
    expected_datetime: maybe(time),
    address: optional,
    address_id: optional,
    zipcode: optional,
    lat: { type: ['number', 'null'] },
    long: { type: ['number', 'null'] },
    media_url: optional,
  }),
);

export const errors = list(object({ code: { type: ['string', 'integer'] }, description: { type: 'string', minLength: 1 } }), 1);
