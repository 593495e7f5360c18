/** The process of native TensorFlow: `node native-process.ts <module>`, asked by its parent (native-messages.ts). It ends with its parent. */
import { tensorflow } from '../tensorflow.ts';
import { BackendError, type Network, notLoaded } from './backend.ts';
import { type Answer, isQuestion, type Question } from './native-messages.ts';
import { tensorNetwork } from './tensors.ts';

const [module = ''] = process.argv.slice(2);
let network: Network | undefined;

process.on('disconnect', () => process.exit());
process.on('message', (question) => {
  if (isQuestion(question)) void answered(question).then((answer) => process.send?.(answer));
});

async function answered(question: Question): Promise<Answer> {
  const { id } = question;
  try {
    if ('features' in question) {
      if (network === undefined) throw new BackendError('failed', 'it was asked before it had weights');
      return { id, residuals: await network.forward(question.features) };
    }
    const tf = await tensorflow(module).catch((cause) => {
      throw notLoaded(module, cause);
    });
    network = tensorNetwork(tf, question.weights, 'for each row');
    return { id, residuals: new Float32Array() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, reason: error instanceof BackendError ? error.reason : 'failed', message };
  }
}
