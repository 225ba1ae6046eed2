// Reads a JSON array of catalogue entities from standard input and prints a JSON array of what Backstage has against
// each, with null for nothing. The policies alone let an unknown kind pass and never look into `spec`; the validators
// of the single kinds do that.
import * as model from '@backstage/catalog-model';

const validators = [
  model.apiEntityV1alpha1Validator,
  model.componentEntityV1alpha1Validator,
  model.domainEntityV1alpha1Validator,
  model.groupEntityV1alpha1Validator,
  model.locationEntityV1alpha1Validator,
  model.resourceEntityV1alpha1Validator,
  model.systemEntityV1alpha1Validator,
  model.userEntityV1alpha1Validator,
];
const policies = model.EntityPolicies.allOf([
  new model.SchemaValidEntityPolicy(),
  new model.DefaultNamespaceEntityPolicy(),
  new model.FieldFormatEntityPolicy(),
  new model.NoForeignRootFieldsEntityPolicy(),
]);

async function problem(entity) {
  try {
    const complete = await policies.enforce(entity);
    const known = [];
    for (const validator of validators) known.push(await validator.check(complete));
    return known.includes(true) ? null : `Backstage knows no kind ${entity.apiVersion} ${entity.kind}`;
  } catch (error) {
    return error.message;
  }
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const entities = JSON.parse(Buffer.concat(chunks).toString());
console.log(JSON.stringify(await Promise.all(entities.map(problem))));
